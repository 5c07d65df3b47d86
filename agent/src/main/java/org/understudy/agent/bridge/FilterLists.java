package org.understudy.agent.bridge;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.understudy.probes.ClientListCheck;
import org.understudy.spool.ClientListings;

/** Lets the spool look its clients up in block lists. Thread-safe. */
public final class FilterLists implements ClientListings {
    private final ClientListCheck lists;

    public FilterLists(ClientListCheck lists) {
        this.lists = lists;
    }

    @Override
    public Answer of(InetAddress client, Duration time) {
        List<String> listings = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        for (ClientListCheck.Answer answer : lists.check(client, time)) {
            switch (answer.result()) {
                case LISTED -> listings.add(answer.list() + " lists " + client.getHostAddress() + ": " + answer.text());
                case UNKNOWN -> troubles.add(answer.text());
                case NOT_LISTED -> {
                    // Nothing against it.
                }
            }
        }
        return new Answer(listings, troubles);
    }
}
