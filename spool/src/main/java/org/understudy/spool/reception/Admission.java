package org.understudy.spool.reception;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Network;
import org.understudy.smtp.Reply;
import org.understudy.spool.SessionLimits;

/**
 * Counts sessions, in all and by client, and says who may not have another. Takes the same time however many there are.
 * Thread-safe.
 */
final class Admission {
    private final SessionLimits limits;
    private final BooleanSupplier makeRoom;
    private final Map<InetAddress, Integer> clients = new HashMap<>();
    private final Map<Network, Integer> networks = new HashMap<>();
    private int sessions;

    /** One session's place among the others. Guarded by the admission. */
    static final class Place {
        private boolean taken;
        private @Nullable InetAddress client;
    }

    /** @param makeRoom ends an idle session and gives its place back; false if there is none to end */
    Admission(SessionLimits limits, BooleanSupplier makeRoom) {
        this.limits = limits;
        this.makeRoom = makeRoom;
    }

    /**
     * Takes a place.
     *
     * @param client null while it is not known
     * @return why there is none, else null
     */
    synchronized @Nullable Reply enter(Place place, @Nullable InetAddress client) {
        if (client != null && hasEnough(client)) {
            return Replies.TOO_MANY_FROM_YOU;
        }
        if (sessions >= limits.maximum() && !makeRoom.getAsBoolean()) {
            return Replies.TOO_MANY_SESSIONS;
        }
        sessions++;
        place.taken = true;
        occupy(place, client);
        return null;
    }

    /**
     * The client of a place turns out to be another one.
     *
     * @return why that one may have no place, else null
     */
    synchronized @Nullable Reply identify(Place place, InetAddress client) {
        if (client.equals(place.client)) {
            return null;
        }
        if (hasEnough(client)) {
            return Replies.TOO_MANY_FROM_YOU;
        }
        if (place.taken) {
            vacate(place);
            occupy(place, client);
        }
        return null;
    }

    /** Gives a place back. Does nothing the second time. */
    synchronized void leave(Place place) {
        if (place.taken) {
            place.taken = false;
            sessions--;
            vacate(place);
        }
    }

    synchronized int sessions() {
        return sessions;
    }

    synchronized boolean isFull() {
        return sessions >= limits.maximum();
    }

    private boolean hasEnough(InetAddress client) {
        return clients.getOrDefault(client, 0) >= limits.maximumPerClient()
                || networks.getOrDefault(Network.around(client), 0) >= limits.maximumPerNetwork();
    }

    private void occupy(Place place, @Nullable InetAddress client) {
        place.client = client;
        if (client != null) {
            clients.merge(client, 1, Integer::sum);
            networks.merge(Network.around(client), 1, Integer::sum);
        }
    }

    private void vacate(Place place) {
        InetAddress client = place.client;
        if (client != null) {
            clients.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
            networks.computeIfPresent(Network.around(client), (key, count) -> count == 1 ? null : count - 1);
            place.client = null;
        }
    }
}
