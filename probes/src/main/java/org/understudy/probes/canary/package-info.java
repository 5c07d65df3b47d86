/**
 * Canaries: made and signed, sent through one exchanger, watched for in a mailbox, examined, and judged. A canary is known
 * to the ledger before its first octet leaves, so whatever is found in a mailbox is ours or forged.
 */
@NullMarked
package org.understudy.probes.canary;

import org.jspecify.annotations.NullMarked;
