/** An error whose message is all that the person at the terminal needs: no stack trace. */
export class Complaint extends Error {}

const READ_ONLY = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR"]);

/** Runs `work`; what the file system forbids becomes a Complaint that says what to do. */
export async function explainReadOnly(folder, remedy, work) {
  try {
    return await work();
  } catch (error) {
    if (!READ_ONLY.has(error.code)) throw error;
    throw new Complaint(`Cannot write in ${folder}: ${error.message}\n  ${remedy}`);
  }
}
