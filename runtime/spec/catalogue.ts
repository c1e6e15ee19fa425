/**
 * Every mistake that a service definition or its package can hold: one row a mistake, with code, sentence and fix. Promises
 * stable codes (documentation and scripts name them); never formats or places anything.
 */
import { fieldMistakes } from './catalogue/fields.ts';
import { fileMistakes } from './catalogue/files.ts';
import { planMistakes } from './catalogue/plans.ts';
import { podMistakes } from './catalogue/pods.ts';
import { textMistakes } from './catalogue/text.ts';

export const Mistake = { ...textMistakes, ...fieldMistakes, ...podMistakes, ...planMistakes, ...fileMistakes };
