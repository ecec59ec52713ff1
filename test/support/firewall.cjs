'use strict'
// Leads Google's names to an address of this machine where nobody listens, as a line in /etc/hosts would.
const dns = require('node:dns')

const NOBODY = '127.9.9.9'
const { lookup } = dns
const { lookup: lookupPromise } = dns.promises

const leadAway = (name) => (String(name).endsWith('.googleapis.com') ? NOBODY : name)

dns.lookup = (name, ...rest) => lookup(leadAway(name), ...rest)
dns.promises.lookup = (name, ...rest) => lookupPromise(leadAway(name), ...rest)
