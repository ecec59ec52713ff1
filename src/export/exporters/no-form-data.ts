/**
 * Stands for `FormData` in Google's libraries, by the build: they ask of every request whether it is a form, and to name
 * Node's own class would load all of its `fetch`. This thread sends no form.
 */
export class FormData {}
