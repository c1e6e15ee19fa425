/** stub */
import type { Command } from 'commander';
export function diagnosticsCommand(_program: Command): void {}
