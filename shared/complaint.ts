/**
 * Something the person at the command line can mend. The message is one sentence that says what is wrong and
 * what to do; it is shown alone, and the exit code is 1.
 */
export class Complaint extends Error {
  override readonly name = "Complaint";
}
