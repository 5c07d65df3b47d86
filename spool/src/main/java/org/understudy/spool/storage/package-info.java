/**
 * The embedded store: append-only segments hold envelope and content, SQLite holds the index.
 *
 * <p>On disk, below the spool's directory (0700, files 0600):
 *
 * <pre>
 * lock                       held while a process uses the directory
 * index.db                   SQLite: what is queued, where it lies, how often it was tried; can be rebuilt
 * segments/NNNNNNNNNNNN.seg  header (magic, format, number, mark), then records (mark, length, CRC32C, type, payload), then zeros
 * large/ID.msg               one message above the size for segments: envelope, content, trailer
 * large/ID.tmp               one being received; of no value after a restart
 * corrupt/                   what could not be read, kept for people
 * </pre>
 *
 * <p>The mark is a random number that a segment has for itself and every record begins with: behind damage the next record is
 * found by it, and no content can pass for a record. There are four kinds of records. A message holds envelope and content. A
 * large message holds envelope, size and checksum, and only by it the file of its own is accepted. An outcome says that units
 * of an earlier message are settled or set aside, or that a message was given up before it was acknowledged. The ledger is the
 * first record of each segment and keeps the counters for the case that the index is lost. Deferrals are in the index only.
 *
 * <p>A segment may go when nothing in it lives. The {@link org.understudy.spool.storage.Cleaner} moves the living out of mostly
 * dead ones; with them go outcomes of messages of which a copy may stand in another segment that is left.
 *
 * <p>One thread, the {@link org.understudy.spool.storage.Committer}, writes. It takes whatever waits, appends it, syncs the
 * segment once, commits one transaction to the index, and only then answers. A segment whose sync failed is never synced again: the kernel may have dropped the pages and called them clean.
 *
 * <p>The index says up to which record of which segment it has taken everything in. A start reads from there; with a lost or
 * damaged index that is from the beginning. Units for {@code <postmaster>} have no domain and are due for whoever asks.
 */
@NullMarked
package org.understudy.spool.storage;

import org.jspecify.annotations.NullMarked;
