package org.understudy.agent.self;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.net.ntp.NTPUDPClient;
import org.apache.commons.net.ntp.TimeInfo;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;
import org.understudy.spool.HopAddress;

/** Compares our clock with that of time servers (RFC 5905), whose median counts: one of several may be wrong. Thread-safe. */
public final class ClockSelfCheck implements SelfCheck {
    /** From here on certificates and signatures cannot be judged. */
    static final Duration CRITICAL = Duration.ofSeconds(60);

    private static final Duration NOTICEABLE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<HopAddress> servers;

    /** @param servers to be asked; none, and nothing is found */
    public ClockSelfCheck(List<HopAddress> servers) {
        this.servers = List.copyOf(servers);
    }

    @Override
    public void look(ResultBuilder result) {
        Map<String, String> said = new LinkedHashMap<>();
        List<Duration> offsets = new ArrayList<>();
        for (HopAddress server : servers) {
            try {
                Duration offset = offset(server);
                offsets.add(offset);
                said.put(server.toString(), "we are " + words(offset));
            } catch (IOException e) {
                said.put(server.toString(), "no answer: " + e.getMessage());
            }
        }
        if (offsets.isEmpty()) {
            return;
        }
        offsets.sort(null);
        Duration median = offsets.get(offsets.size() / 2);
        result.measurement("clock_offset_seconds", median.toMillis() / 1000.0);
        if (median.abs().compareTo(NOTICEABLE) > 0) {
            boolean critical = median.abs().compareTo(CRITICAL) > 0;
            result.finding(
                    Finding.of(FindingType.AGENT_CLOCK_SKEW, "clock", "Our clock is " + words(median) + ".", said)
                            .withSeverity(critical ? Severity.CRITICAL : Severity.WARNING));
        }
    }

    /** How much must be added to our clock. */
    private Duration offset(HopAddress server) throws IOException {
        try (NTPUDPClient client = new NTPUDPClient()) {
            client.setDefaultTimeout(PATIENCE);
            client.open();
            TimeInfo info = client.getTime(InetAddress.getByName(server.host()), server.port());
            info.computeDetails();
            Long offset = info.getOffset();
            if (offset == null) {
                throw new IOException("an answer without a time");
            }
            return Duration.ofMillis(offset);
        }
    }

    private static String words(Duration offset) {
        String seconds = offset.abs().toMillis() / 1000.0 + " s";
        return offset.isNegative() ? seconds + " fast" : seconds + " slow";
    }
}
