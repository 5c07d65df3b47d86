package org.understudy.probes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpClientSettings;

/**
 * How mail servers are asked, and how far that goes.
 *
 * @param client by which name, and how long is waited for each reply
 * @param sender of the questions, in MAIL; nothing is sent
 * @param questionsEvery how often an exchanger is asked everything; in between only whether it takes mail
 * @param sessionsPerServer how many sessions there may be with one address at a time, whatever the number of domains
 * @param relayTestRecipient an address of ours at a domain that no exchanger may relay to; empty to leave relaying alone
 * @param heloQuestions whether to greet with names that do not fit, too
 * @param lineEndQuestions whether to begin a message to the first valid recipient that ends in no standard way, and never to end it
 * @param controls servers of others that show whether our own way out is open
 */
public record SmtpProbeSettings(
        SmtpClientSettings client,
        ReversePath sender,
        Duration questionsEvery,
        int sessionsPerServer,
        Optional<Mailbox> relayTestRecipient,
        boolean heloQuestions,
        boolean lineEndQuestions,
        List<ControlHost> controls) {
    /** Two sessions at a time, everything every quarter of an hour, and nothing that intrudes. */
    public static SmtpProbeSettings of(SmtpClientSettings client, ReversePath sender) {
        return new SmtpProbeSettings(
                client, sender, Duration.ofMinutes(15), 2, Optional.empty(), false, false, List.of());
    }

    public SmtpProbeSettings {
        controls = List.copyOf(controls);
    }

    /** The same with an address to relay to. */
    public SmtpProbeSettings withRelayTest(Mailbox recipient) {
        return new SmtpProbeSettings(
                client,
                sender,
                questionsEvery,
                sessionsPerServer,
                Optional.of(recipient),
                heloQuestions,
                lineEndQuestions,
                controls);
    }

    /** The same with questions that intrude. */
    public SmtpProbeSettings withIntrusion(boolean helo, boolean lineEnds) {
        return new SmtpProbeSettings(
                client, sender, questionsEvery, sessionsPerServer, relayTestRecipient, helo, lineEnds, controls);
    }

    /** The same with servers of others. */
    public SmtpProbeSettings withControls(List<ControlHost> hosts) {
        return new SmtpProbeSettings(
                client,
                sender,
                questionsEvery,
                sessionsPerServer,
                relayTestRecipient,
                heloQuestions,
                lineEndQuestions,
                hosts);
    }

    /** The same with another wait for connections, unless they are not waited for that long anyway. */
    public SmtpProbeSettings withConnectTimeout(Duration other) {
        Duration shorter = client.timeouts().connect().compareTo(other) < 0
                ? client.timeouts().connect()
                : other;
        return new SmtpProbeSettings(
                new SmtpClientSettings(
                        client.ehloName(),
                        client.tls(),
                        client.trust(),
                        client.timeouts().withConnect(shorter),
                        client.pipelining()),
                sender,
                questionsEvery,
                sessionsPerServer,
                relayTestRecipient,
                heloQuestions,
                lineEndQuestions,
                controls);
    }
}
