import { answerCommand } from '../answer-command.ts';

export default answerCommand('rollback', 'Undo what an operation did, backwards.');
