/**
 * Serves a folder or a store to browsers on this machine. Loaded only now: few programs serve, and it brings the module
 * that reads other pipelines' files.
 */
export const serve = async (source, options) => {
  const server = await import(/* webpackMode: "eager" */ "./serve.js");
  return server.serve(source, options);
};
