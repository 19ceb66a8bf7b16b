// Preloaded into the script that bootstrap.mjs runs: when bootstrap.mjs is gone, even
// by SIGKILL, the script gets the SIGTERM that bootstrap.mjs could not send.
if (process.channel) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  // The listener would keep the script alive for ever.
  process.channel.unref();
}
