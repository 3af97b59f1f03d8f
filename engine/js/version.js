/** The package's version; a test holds it to the workspace's. */
export const version = "0.1.0";
