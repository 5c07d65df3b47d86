package org.understudy.spool.reception;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.understudy.smtp.Reply;

/** Replies that are not sent yet, as octets. Confined to one thread. */
final class ReplyBuffer {
    private static final int INITIAL = 256;
    private static final int LINE_END_AND_CODE = 6;

    private byte[] octets = new byte[INITIAL];
    private int length;

    void add(Reply reply) {
        List<String> lines = reply.lines();
        int last = lines.size() - 1;
        for (int i = 0; i <= last; i++) {
            add(reply.code(), i == last ? ' ' : '-', lines.get(i));
        }
    }

    private void add(int code, char separator, String text) {
        // Most texts are ASCII, and then as many octets as characters.
        ensure(LINE_END_AND_CODE + text.length());
        octets[length++] = (byte) ('0' + code / 100);
        octets[length++] = (byte) ('0' + code / 10 % 10);
        octets[length++] = (byte) ('0' + code % 10);
        octets[length++] = (byte) separator;
        int begin = length;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length = begin;
                addUtf8(text);
                break;
            }
            octets[length++] = (byte) c;
        }
        octets[length++] = '\r';
        octets[length++] = '\n';
    }

    private void addUtf8(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ensure(encoded.length + LINE_END_AND_CODE);
        System.arraycopy(encoded, 0, octets, length, encoded.length);
        length += encoded.length;
    }

    private void ensure(int more) {
        if (octets.length - length < more) {
            octets = Arrays.copyOf(octets, Math.max(2 * octets.length, length + more));
        }
    }

    int length() {
        return length;
    }

    /** Everything, which is gone from here; valid until something is added. Gives memory back that only a large answer needed. */
    ByteBuffer take() {
        ByteBuffer all = ByteBuffer.wrap(octets, 0, length);
        length = 0;
        if (octets.length > 4 * INITIAL) {
            octets = new byte[INITIAL];
        }
        return all;
    }
}
