package org.understudy.agent.resources;

import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Locale;
import org.understudy.agent.Watch;

/** The domains under watch, by name. Immutable. */
public record Watches(List<Watch> all) {
    public Watches {
        all = List.copyOf(all);
    }

    /**
     * The watch of a domain.
     *
     * @throws WebApplicationException 404 if it is not watched
     */
    Watch find(String name) {
        return all.stream()
                .filter(w -> w.domain().name().text().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("The domain \"" + name + "\" is not watched; see /api/v1/status."));
    }
}
