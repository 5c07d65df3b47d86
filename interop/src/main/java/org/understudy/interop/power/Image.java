package org.understudy.interop.power;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** The content of a file in one state of the disk. Not changed once made. */
record Image(ByteBuffer octets, long fingerprint) {

    static Image of(byte[] octets, int length) {
        CRC32 one = new CRC32();
        one.update(octets, 0, length);
        CRC32C other = new CRC32C();
        other.update(octets, 0, length);
        long fingerprint = (one.getValue() << 32) ^ other.getValue() ^ (length * 0x9E3779B97F4A7C15L);
        return new Image(ByteBuffer.wrap(octets, 0, length).asReadOnlyBuffer(), fingerprint);
    }
}
