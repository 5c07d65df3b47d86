package org.understudy.spool.storage;

/** A stored message and where its content lies. */
record IndexEntry(StoredEnvelope stored, Location location) {

    /**
     * Where content lies.
     *
     * @param size octets
     * @param crc CRC32C
     * @param segment 0 for a file of its own
     * @param position of the first octet
     */
    record Location(long size, int crc, long segment, long position) {}
}
