import type { Messages } from './messages.ts';

/** Messages that know of what is just being posted. */
export interface PatientMessages extends Messages {
  /** Runs what posts and remembers a message. */
  whilePosting(work: () => Promise<void>): Promise<void>;
}

/**
 * Somebody may react to a message before we have noted what it asks. So a message that is not known is looked up again
 * once everything that is being posted right now has been noted.
 */
export function patientMessages(messages: Messages): PatientMessages {
  const posting = new Set<Promise<void>>();
  return {
    remember: (network, key, ref) => messages.remember(network, key, ref),
    find: (network, key) => messages.find(network, key),
    async subjectOf(network, ref) {
      const known = await messages.subjectOf(network, ref);
      if (known !== undefined || posting.size === 0) return known;
      await Promise.allSettled(posting);
      return messages.subjectOf(network, ref);
    },
    async whilePosting(work) {
      const posted = work();
      posting.add(posted);
      try {
        await posted;
      } finally {
        posting.delete(posted);
      }
    },
  };
}
