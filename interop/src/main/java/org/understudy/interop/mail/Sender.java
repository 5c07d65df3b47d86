package org.understudy.interop.mail;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A client that sends numbered mail: written apart from the client of the product, so that both cannot be wrong in the same way.
 * Confined to one thread.
 */
public final class Sender implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    /**
     * The last line of a reply.
     *
     * @param text all of it, code included
     */
    public record Answer(int code, String text) {
        public boolean isAccepted() {
            return code == 250;
        }

        public boolean isTransient() {
            return code >= 400 && code < 500;
        }

        /** The id under which it is queued; empty if it is not. */
        public String queueId() {
            int at = text.lastIndexOf("queued as ");
            return at < 0 ? "" : text.substring(at + "queued as ".length());
        }
    }

    /**
     * Connects and says EHLO.
     *
     * @param patience for each reply
     * @throws IOException if it is not served
     */
    public Sender(int port, Duration patience) throws IOException {
        try {
            socket.setSoTimeout((int) patience.toMillis());
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
            out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
            require(answer(), 220);
            say("EHLO sender.test");
            out.flush();
            require(answer(), 250);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends one message, its commands in one go.
     *
     * @return the reply to the final dot, or the first reply that refused
     * @throws IOException if the connection broke before the reply was here: nobody knows then
     */
    public Answer send(NumberedMail mail) throws IOException {
        say("MAIL FROM:<s" + mail.number() + "@sender.test> BODY=8BITMIME");
        for (String address : mail.addresses()) {
            say("RCPT TO:<" + address + ">");
        }
        say("DATA");
        out.flush();
        Answer refusal = null;
        for (int i = 0; i <= mail.recipients(); i++) {
            Answer answer = answer();
            refusal = refusal == null && !answer.isAccepted() ? answer : refusal;
            if (answer.code() == 421) {
                // RFC 5321 section 3.8: the server closes, and says nothing more.
                return answer;
            }
        }
        Answer go = answer();
        if (go.code() != 354) {
            return refusal == null ? go : refusal;
        }
        content(mail.content().octets());
        out.flush();
        return answer();
    }

    private void content(byte[] octets) throws IOException {
        int begin = 0;
        for (int i = 0; i < octets.length; i++) {
            boolean beginsLine = i == 0 || (octets[i - 1] == '\n' && octets[Math.max(0, i - 2)] == '\r');
            if (beginsLine && octets[i] == '.') {
                out.write(octets, begin, i - begin);
                out.write('.');
                begin = i;
            }
        }
        out.write(octets, begin, octets.length - begin);
        say(".");
    }

    private void say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void require(Answer answer, int code) throws IOException {
        if (answer.code() != code) {
            throw new IOException(answer.text());
        }
    }

    private Answer answer() throws IOException {
        String line;
        do {
            line = line();
        } while (line.length() > 3 && line.charAt(3) == '-');
        if (!line.matches("[2-5][0-9][0-9]( .*)?")) {
            throw new IOException("no reply: " + line);
        }
        return new Answer(Integer.parseInt(line.substring(0, 3)), line);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the connection was closed");
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
