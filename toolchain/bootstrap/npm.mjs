import { spawn } from "node:child_process";
import { Complaint } from "./complaint.mjs";

const KEPT_BYTES = 4000;

/**
 * Runs npm with its output on our stderr. Audits, advertisements and install scripts
 * are off; so are engine warnings, for npm may run on an older Node than what it
 * installs will run on. Throws a Complaint with the exact command.
 */
export async function npm(args, cwd, purpose) {
  const all = [
    ...args,
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
  ];
  const child = spawn("npm", all, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let tail = "";
  const show = (chunk) => {
    process.stderr.write(chunk);
    tail = (tail + chunk).slice(-KEPT_BYTES);
  };
  child.stdout.on("data", show);
  child.stderr.on("data", show);
  const stop = (signal) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.once(signal, stop);
  let outcome;
  try {
    outcome = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) =>
        resolve(code === 0 ? "" : signal ? `by ${signal}` : `with ${code}`),
      );
    });
  } catch (error) {
    throw new Complaint(
      `Cannot run npm, which ${purpose}: ${error.message}\n` +
        "  npm comes with Node from nodejs.org; many distributions package it apart (apt install npm, dnf install npm).",
    );
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
  if (outcome) {
    throw new Complaint(
      `npm, which ${purpose}, ended ${outcome}\n  command  npm ${all.join(" ")}\n  in       ${cwd}\n  ${advice(tail)}`,
    );
  }
}

function advice(output) {
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|network/i.test(output)) {
    return "The package registry was not reached: check the network, the proxy variables and `npm config get registry`.";
  }
  if (/ENOSPC/.test(output)) return "The disk is full: make room and run it again.";
  if (/EUSAGE|out of sync|Missing: /.test(output)) {
    return "package-lock.json does not fit package.json: take both files from the same commit.";
  }
  if (/EACCES|EPERM|EROFS/.test(output))
    return "npm may not write there: check who owns the folder and ~/.npm.";
  return "Its own message is above: run the command by hand in that folder to see all of it.";
}
