package org.understudy.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What a {@link ScriptedServer} does at one point of a session instead of what it would do by itself. */
@FunctionalInterface
public interface Answer {

    /**
     * Does it.
     *
     * @throws IOException ends the session
     */
    void give(ServerConnection connection) throws IOException;

    /** This, then that. */
    default Answer then(Answer next) {
        return connection -> {
            give(connection);
            next.give(connection);
        };
    }

    /** This reply, its lines separated by {@code \n}. After a 421 the server closes. */
    static Answer reply(String reply) {
        return connection -> {
            connection.write((reply.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8));
            if (reply.startsWith("421")) {
                connection.close();
            }
        };
    }

    /** Exactly these octets, one per character. */
    static Answer raw(String octets) {
        return connection -> connection.write(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Closes the connection (FIN). */
    static Answer close() {
        return ServerConnection::close;
    }

    /** Writes this reply and closes the connection. */
    static Answer replyAndClose(String reply) {
        return connection -> {
            reply(reply).give(connection);
            connection.close();
        };
    }

    /** Resets the connection (RST), which throws away what it had sent and the client had not yet read. */
    static Answer reset() {
        return ServerConnection::reset;
    }

    /** Neither reads nor writes any more, until the client or the test ends it. */
    static Answer silence() {
        return ServerConnection::hang;
    }

    /** Nothing until the latch is down. */
    static Answer await(CountDownLatch gate) {
        return connection -> connection.await(gate);
    }

    /** This reply after a while. */
    static Answer slowly(Duration delay, String reply) {
        return connection -> {
            connection.pause(delay);
            reply(reply).give(connection);
        };
    }

    /** One octet of this reply, then after a while the next, and so on. */
    static Answer dripping(Duration delay, String reply) {
        return connection -> {
            for (byte octet : (reply + "\r\n").getBytes(StandardCharsets.UTF_8)) {
                connection.write(new byte[] {octet});
                connection.pause(delay);
            }
        };
    }

    /** A reply whose first line has no end. */
    static Answer endlessLine() {
        return connection -> {
            connection.write("250 ".getBytes(StandardCharsets.US_ASCII));
            byte[] block = "x".repeat(8192).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                connection.write(block);
            }
        };
    }

    /** A multi-line reply with this code that has no last line. */
    static Answer endlessReply(int code) {
        return connection -> {
            byte[] line = (code + "-more\r\n").getBytes(StandardCharsets.US_ASCII);
            while (true) {
                connection.write(line);
            }
        };
    }
}
