/** Prints the result of every export as one line of JSON. */
export function printResults(exporter) {
  const original = exporter.export.bind(exporter)
  exporter.export = (spans, done) =>
    original(spans, (result) => {
      console.log(
        JSON.stringify({ code: result.code, message: result.error?.message, http: result.error?.code }),
      )
      done(result)
    })
  return exporter
}
