/** Something did not go as it should; the message is all that the user needs. */
export class DemoError extends Error {}
