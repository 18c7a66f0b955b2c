import { answerCommand } from '../answer-command.ts';

export default answerCommand('retry', 'Try the step again that an operation stopped at.');
