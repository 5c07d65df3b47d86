package org.understudy.spool.storage;

/** A stored message and where its content lies. */
record IndexEntry(StoredEnvelope stored, Location location) {
    /**
     * Where a message lies.
     *
     * @param size octets of content
     * @param crc CRC32C of the content
     * @param segment in which the record of the message is; 0 for a large one that has none yet
     * @param since first segment in which there was a copy of the record
     * @param record position of the first octet of the record's payload
     * @param envelope octets of the encoded envelope
     * @param large true if the content is in a file of its own
     */
    record Location(long size, int crc, long segment, long since, long record, int envelope, boolean large) {
        /** The place of what is not in a segment yet. */
        static Location nowhere(long size, int crc, int envelope, boolean large) {
            return new Location(size, crc, 0, 0, 0, envelope, large);
        }

        Location at(long newSegment, long newRecord) {
            return new Location(size, crc, newSegment, since == 0 ? newSegment : since, newRecord, envelope, large);
        }

        /** Of the first octet of the envelope: in the segment, or in the file of its own. */
        long envelopePosition() {
            return large ? LargeMessage.HEADER_BYTES : record + MessageRecord.SMALL_BYTES;
        }

        /** Of the first octet of content, which follows the envelope. */
        long contentPosition() {
            return envelopePosition() + envelope;
        }

        /** What the record takes in its segment. */
        long recordBytes() {
            return Segment.RECORD_HEADER_BYTES
                    + (large ? MessageRecord.LARGE_BYTES : MessageRecord.SMALL_BYTES + size)
                    + envelope;
        }
    }

    /** The entry of a message whose record was written here. */
    IndexEntry at(long segment, long record) {
        return new IndexEntry(stored, location.at(segment, record));
    }
}
