package org.understudy.agent.cli;

import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import org.understudy.agent.audit.AuditProgress;
import org.understudy.smtp.DomainName;

/** One line on a terminal that says how far an audit is, and goes when there is something to read. Thread-safe. */
final class ProgressLine implements AuditProgress {
    private static final String TO_START = "\r\u001b[K";

    private final PrintWriter terminal;
    private final boolean shown;
    private final int domains;
    private final Set<DomainName> running = new LinkedHashSet<>();
    private int ended;
    private int probes;

    /** @param shown whether there is a terminal at all */
    ProgressLine(PrintWriter terminal, boolean shown, int domains) {
        this.terminal = terminal;
        this.shown = shown;
        this.domains = domains;
    }

    @Override
    public synchronized void domainBegun(DomainName domain) {
        running.add(domain);
        show();
    }

    @Override
    public synchronized void probeEnded(DomainName domain, String probeId) {
        probes++;
        show();
    }

    @Override
    public synchronized void domainEnded(DomainName domain) {
        running.remove(domain);
        ended++;
        show();
    }

    private void show() {
        if (shown) {
            String now = running.isEmpty()
                    ? ""
                    : ", looking at " + running.iterator().next();
            terminal.print(TO_START + ended + " of " + domains + " domains, " + probes + " probes" + now);
            terminal.flush();
        }
    }

    /** Makes room. */
    synchronized void clear() {
        if (shown) {
            terminal.print(TO_START);
            terminal.flush();
        }
    }
}
