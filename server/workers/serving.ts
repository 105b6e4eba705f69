/** What a worker says to its parent once it serves players. */
export const SERVING = "serving";
