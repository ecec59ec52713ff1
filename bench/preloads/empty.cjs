/* oxlint-disable unicorn/no-empty-file */
'use strict'
