// Prints the headers google-auth-library would send, by a self-signed token where the key allows it.
import { GoogleAuth } from 'google-auth-library'

const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' })
const client = await auth.getClient()
if (process.argv[2] === 'self-signed') client.useJWTAccessWithScope = true
console.log(JSON.stringify(Object.fromEntries(await client.getRequestHeaders())))
