// On every module, as without a list.
import { register } from 'node:module'

register('import-in-the-middle/hook.mjs', import.meta.url)
