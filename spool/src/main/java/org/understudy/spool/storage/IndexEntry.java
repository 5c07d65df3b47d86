package org.understudy.spool.storage;

/** A stored message and where its content lies. */
record IndexEntry(StoredEnvelope stored, Location location) {

    /**
     * Where content lies.
     *
     * @param size octets
     * @param crc CRC32C
     * @param segment in which the record of the message is
     * @param position of the first octet, in the segment or in the file of its own
     * @param large true if it is in a file of its own
     */
    record Location(long size, int crc, long segment, long position, boolean large) {}

    /** The entry of a message whose record was written here. */
    IndexEntry at(long segment, long payloadPosition) {
        long position = location.large() ? location.position() : payloadPosition + location.position();
        return new IndexEntry(
                stored, new Location(location.size(), location.crc(), segment, position, location.large()));
    }
}
