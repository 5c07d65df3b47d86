package org.understudy.spool;

import java.nio.file.Path;

/**
 * How mail is kept.
 *
 * @param directory created with mode 0700 if missing; one process at a time
 * @param segmentBytes size at which a segment is closed and the next one begun
 * @param largeMessageBytes content above this is streamed to a segment of its own
 * @param reserveBytes free space below which no mail is accepted
 */
public record StorageSettings(Path directory, long segmentBytes, long largeMessageBytes, long reserveBytes) {}
