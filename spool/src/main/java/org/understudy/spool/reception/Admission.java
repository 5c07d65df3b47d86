package org.understudy.spool.reception;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Reply;

/** Counts sessions and says who may not have another. Takes the same time however many there are. Thread-safe. */
final class Admission {
    private final int maximum;
    private final int maximumPerClient;
    private final Map<InetAddress, Integer> clients = new HashMap<>();
    private int sessions;

    Admission(int maximum, int maximumPerClient) {
        this.maximum = maximum;
        this.maximumPerClient = maximumPerClient;
    }

    /** Counts a session of a client, or says why not. */
    synchronized @Nullable Reply enter(InetAddress client) {
        if (sessions >= maximum) {
            return Replies.TOO_MANY_SESSIONS;
        }
        int same = clients.getOrDefault(client, 0);
        if (same >= maximumPerClient) {
            return Replies.TOO_MANY_FROM_YOU;
        }
        clients.put(client, same + 1);
        sessions++;
        return null;
    }

    synchronized void leave(InetAddress client) {
        clients.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
        sessions--;
    }

    synchronized int sessions() {
        return sessions;
    }
}
