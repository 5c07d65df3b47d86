package org.understudy.spool;

/**
 * Where a mail server listens.
 *
 * @param host name or address literal without brackets
 */
public record HopAddress(String host, int port) {

    /** {@code mx1.example.org:25}. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
