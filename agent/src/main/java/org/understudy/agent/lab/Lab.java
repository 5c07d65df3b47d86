package org.understudy.agent.lab;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running lab and its switches. Thread-safe. */
public final class Lab implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lab.class);

    private final LabSection section;
    private final SwitchFile switches;
    private final LabPrimary primary;
    private final LabDns dns;
    private final SlackSink slack;
    private final MailSink mailSink;
    private final LabAddresses addresses;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private Lab(LabSection section, Clock clock, Optional<SSLContext> tls) {
        this.section = section;
        InetAddress bind = LabPorts.loopback(section.bindAddress());
        Path directory = LabFiles.directory(section.directory());
        this.switches = SwitchFile.open(directory.resolve("switches.json"));
        try {
            this.dns = part(LabDns.start(
                    bind,
                    section.dnsPort(),
                    new LabZone(section.domainName(), section.primaryName(), section.backupName(), bind),
                    switches::current));
            this.slack = part(SlackSink.start(
                    new InetSocketAddress(bind, section.slackPort()),
                    directory.resolve("slack.jsonl"),
                    () -> switches.current().slack(),
                    clock));
            this.mailSink =
                    part(new MailSink(section, new InetSocketAddress(bind, section.mailSinkPort()), tls, clock));
            mailSink.start();
            this.primary = part(new LabPrimary(
                    section,
                    switches::current,
                    new InetSocketAddress(bind, section.primarySmtpPort()),
                    new InetSocketAddress(bind, section.imapPort()),
                    tls,
                    clock));
            if (switches.current().primaryStopped()) {
                primary.stayStopped();
            } else {
                primary.start();
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        this.addresses = new LabAddresses(
                primary.smtpAddress(),
                primary.imapAddress(),
                dns.address(),
                webhook(slack.address()),
                mailSink.address());
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    private static URI webhook(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + "/");
    }

    /**
     * Starts everything, without TLS.
     *
     * @throws LabException of one sentence that names the key if a port is taken or the directory cannot be used
     */
    public static Lab start(LabSection section, Clock clock) {
        return start(section, clock, Optional.empty());
    }

    /**
     * Starts everything; what was switched off before a restart stays so.
     *
     * @param tls for STARTTLS at the primary and at the mail sink
     * @throws LabException of one sentence that names the key if a port is taken or the directory cannot be used
     */
    public static Lab start(LabSection section, Clock clock, Optional<SSLContext> tls) {
        Lab lab = new Lab(section, clock, tls);
        LOG.info("the lab of {} runs: {}", section.domain(), lab.addresses);
        if (!lab.switches.current().equals(Switches.ALL_WELL)) {
            LOG.info("the lab is as it was left: {}", lab.switches.current());
        }
        return lab;
    }

    /** Where the lab listens. */
    public LabAddresses addresses() {
        return addresses;
    }

    LabSection section() {
        return section;
    }

    Switches switches() {
        return switches.current();
    }

    /** Closes the primary's SMTP port. */
    synchronized void stopPrimary() {
        switches.change(s -> s.withPrimaryStopped(true));
        primary.stop();
    }

    /**
     * Opens the primary's SMTP port.
     *
     * @throws LabException if the port has been taken meanwhile
     */
    synchronized void startPrimary() {
        primary.start();
        switches.change(s -> s.withPrimaryStopped(false));
    }

    /** Has the primary answer that it knows no recipient, or know them again. */
    void refuseRecipients(boolean refuse) {
        switches.change(s -> s.withPrimaryRefusing(refuse));
    }

    /** Gives the backup's exchanger record the lower preference. */
    void invertPreferences() {
        switches.change(s -> s.withZone(true, s.backupDropped()));
    }

    /** Takes the backup's exchanger record away. */
    void dropBackup() {
        switches.change(s -> s.withZone(s.preferencesInverted(), true));
    }

    /** Puts the exchanger records right again. */
    void restoreZone() {
        switches.change(s -> s.withZone(false, false));
    }

    /** Makes the name server silent, or lets it answer again. */
    void stopDns(boolean stopped) {
        switches.change(s -> s.withDnsStopped(stopped));
    }

    /** Tells the Slack sink how to answer. */
    void answerSlack(SlackAnswer answer) {
        switches.change(s -> s.withSlack(answer));
    }

    LabPrimary primary() {
        return primary;
    }

    SlackSink slack() {
        return slack;
    }

    MailSink mailSink() {
        return mailSink;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("a part of the lab did not close: {}", e.toString());
            }
        }
    }
}
