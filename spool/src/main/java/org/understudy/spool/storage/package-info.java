/**
 * The embedded store: append-only segments hold envelope and content, SQLite holds the index.
 *
 * <p>On disk, below the spool's directory (0700, files 0600):
 *
 * <pre>
 * lock                       held while a process uses the directory
 * index.db                   SQLite: what is queued, where it lies, how often it was tried; can be rebuilt
 * segments/NNNNNNNNNNNN.seg  header, then records: length, CRC32C, type, payload
 * large/ID.msg               one message above the size for segments: envelope, content, trailer
 * large/ID.tmp               one being received; of no value after a restart
 * corrupt/                   what could not be read, kept for people
 * </pre>
 *
 * <p>A message record holds envelope and content; an outcome record says that units of an earlier message are settled or that
 * a message was given up before it was acknowledged. A segment may go when it and all before it hold nothing alive, so that
 * the outcome of a message never goes before the message.
 *
 * <p>One thread, the {@link org.understudy.spool.storage.Committer}, writes. It takes whatever waits, appends it, syncs the
 * segment once, commits one transaction to the index, and only then answers. A file whose sync failed is never synced again:
 * the kernel may have dropped the pages and called them clean.
 */
@NullMarked
package org.understudy.spool.storage;

import org.jspecify.annotations.NullMarked;
