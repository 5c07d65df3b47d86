package org.understudy.spool.forwarding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Capabilities;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ForwardPath;
import org.understudy.spool.NextHop;
import org.understudy.spool.NextHopCapabilities;
import org.understudy.spool.operations.Durable;

/**
 * What each next hop offered when it was last spoken to. Kept in a file, since it is wanted when the next hop is down and may be
 * wanted after a restart. Thread-safe.
 *
 * <p>The file has a line for each next hop and below it, behind a tab, a line for each extension, as EHLO has it. It is only a
 * memory: what cannot be read is not known, and what cannot be written is known until the process ends.
 */
public final class KnownCapabilities implements NextHopCapabilities {
    private static final Logger LOG = LoggerFactory.getLogger(KnownCapabilities.class);

    private final Path file;
    private volatile Map<DomainName, NextHop> routes;
    /** By {@code host:port}. */
    private final Map<String, Capabilities> known = new ConcurrentHashMap<>();

    private KnownCapabilities(Path file, Map<DomainName, NextHop> routes) {
        this.file = file;
        this.routes = routes;
    }

    /** Reads what an earlier process knew. */
    public static KnownCapabilities open(Path file, Map<DomainName, NextHop> routes) {
        KnownCapabilities capabilities = new KnownCapabilities(file, routes);
        if (Files.exists(file)) {
            try {
                capabilities.known.putAll(parse(Files.readAllLines(file, StandardCharsets.UTF_8)));
            } catch (IOException e) {
                LOG.warn(
                        "what next hops offer is not known until they are spoken to: {} cannot be read: {}",
                        file,
                        e.toString());
            }
        }
        return capabilities;
    }

    private static Map<String, Capabilities> parse(List<String> lines) {
        Map<String, Map<String, String>> extensions = new HashMap<>();
        Map<String, String> current = new HashMap<>();
        for (String line : lines) {
            if (line.startsWith("\t")) {
                String[] words = line.substring(1).split(" ", 2);
                current.put(words[0], words.length > 1 ? words[1] : "");
            } else {
                current = extensions.computeIfAbsent(line, nextHop -> new HashMap<>());
            }
        }
        Map<String, Capabilities> parsed = new HashMap<>();
        extensions.forEach((nextHop, offered) -> parsed.put(nextHop, new Capabilities(offered)));
        return parsed;
    }

    /** Other next hops count from now on. */
    void route(Map<DomainName, NextHop> others) {
        routes = Map.copyOf(others);
    }

    private List<NextHop> nextHops() {
        return routes.values().stream().distinct().toList();
    }

    @Override
    public Optional<Capabilities> of(ForwardPath recipient) {
        if (recipient.domain().isEmpty()) {
            // Postmaster without a domain goes to any of them.
            List<NextHop> nextHops = nextHops();
            return nextHops.size() == 1 ? of(nextHops.get(0)) : Optional.empty();
        }
        return recipient.domainName().map(routes::get).flatMap(this::of);
    }

    @Override
    public List<Optional<Capabilities>> all() {
        return nextHops().stream().map(this::of).toList();
    }

    private Optional<Capabilities> of(NextHop nextHop) {
        return Optional.ofNullable(known.get(nextHop.toString()));
    }

    /** A next hop was spoken to. */
    void learn(NextHop nextHop, Capabilities offered) {
        if (offered.equals(known.put(nextHop.toString(), offered))) {
            return;
        }
        LOG.info("{} offers {}", nextHop, new TreeMap<>(offered.extensions()));
        try {
            write();
        } catch (IOException e) {
            LOG.warn(
                    "what {} offers is forgotten at the next restart: {} cannot be written: {}",
                    nextHop,
                    file,
                    e.toString());
        }
    }

    private synchronized void write() throws IOException {
        Durable.write(file, text());
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (NextHop nextHop : nextHops()) {
            of(nextHop).ifPresent(offered -> {
                text.append(nextHop).append('\n');
                new TreeMap<>(offered.extensions())
                        .forEach((keyword, parameters) -> text.append('\t')
                                .append(parameters.isEmpty() ? keyword : keyword + " " + parameters)
                                .append('\n'));
            });
        }
        return text.toString();
    }
}
