// Loaded into a scheduler before its own code: tells on SIGUSR2 for how many milliseconds its loop stood still at most since the last.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('SIGUSR2', () => {
  console.log(`stall ${(delay.max / 1e6).toFixed(1)}`);
  delay.reset();
});
