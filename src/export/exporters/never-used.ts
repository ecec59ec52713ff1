/**
 * Stands, by the build, for what bundled libraries would load in cases that never come: gRPC to describe a server of its
 * own, `fetch` on a Node without streams of the web. V8 would have to look over it all before the first request.
 */
export {}
