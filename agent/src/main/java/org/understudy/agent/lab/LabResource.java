package org.understudy.agent.lab;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** Shows the lab and breaks it. Registered only where the lab runs, which protects nothing. */
@Path("/lab")
@Produces(MediaType.APPLICATION_JSON)
public final class LabResource {
    private static final MediaType PROBLEM_JSON = new MediaType("application", "problem+json");
    private static final int LARGEST_PAGE = 1000;

    private final Lab lab;

    public LabResource(Lab lab) {
        this.lab = lab;
    }

    /** The lab at a glance; every POST answers with it. */
    record LabState(
            String domain,
            String primaryHost,
            String backupHost,
            Ports ports,
            PrimaryState primary,
            DnsState dns,
            SlackState slack,
            MailState mail) {}

    /** TCP ports on the lab's loopback address; {@code dns} is UDP as well. */
    record Ports(int primarySmtp, int imap, int dns, int slack, int mailSink) {}

    /**
     * @param refusing whether it knows none of its recipients
     * @param messages on disk, {@code shown} of them by IMAP
     */
    record PrimaryState(boolean running, boolean refusing, int messages, int shown) {}

    /** @param serial of the zone */
    record DnsState(boolean running, boolean inverted, boolean backupDropped, long serial) {}

    /** @param answer ok, rate-limited, failing or other-body */
    record SlackState(String answer, int messages) {}

    /** @param messages alert mails taken */
    record MailState(int messages) {}

    /**
     * @param next for {@code after} of the next page; the same as was asked if there is nothing newer
     */
    record MessagePage(List<StoredMessage> messages, String next) {}

    @GET
    public Object state() {
        LabSection section = lab.section();
        LabAddresses at = lab.addresses();
        Switches now = lab.switches();
        return new LabState(
                section.domain(),
                section.primaryHostName(),
                section.backupHostName(),
                new Ports(
                        at.primarySmtp().getPort(),
                        at.imap().getPort(),
                        at.dns().getPort(),
                        at.slack().getPort(),
                        at.mailSink().getPort()),
                new PrimaryState(
                        !now.primaryStopped(),
                        now.primaryRefuses(),
                        lab.primary().messages().count(),
                        lab.primary().shown()),
                new DnsState(!now.dnsStopped(), now.preferencesInverted(), now.backupDropped(), now.zoneSerial()),
                new SlackState(word(now.slack()), lab.slack().newest().size()),
                new MailState(lab.mailSink().count()));
    }

    private static String word(SlackAnswer answer) {
        return switch (answer) {
            case OK -> "ok";
            case RATE_LIMITED -> "rate-limited";
            case FAILING -> "failing";
            case OTHER_BODY -> "other-body";
        };
    }

    @POST
    @Path("/primary/{switch}")
    public Object primary(@PathParam("switch") String to) {
        return turn(
                switch (to) {
                    case "stop" -> lab::stopPrimary;
                    case "start" -> lab::startPrimary;
                    case "refuse" -> () -> lab.refuseRecipients(true);
                    case "take" -> () -> lab.refuseRecipients(false);
                    default -> throw unknown(to, "stop, start, refuse, take");
                });
    }

    @POST
    @Path("/dns/{switch}")
    public Object dns(@PathParam("switch") String to) {
        return turn(
                switch (to) {
                    case "invert" -> lab::invertPreferences;
                    case "restore" -> lab::restoreZone;
                    case "drop-backup" -> lab::dropBackup;
                    case "stop" -> () -> lab.stopDns(true);
                    case "start" -> () -> lab.stopDns(false);
                    default -> throw unknown(to, "invert, restore, drop-backup, stop, start");
                });
    }

    @POST
    @Path("/slack/{answer}")
    public Object slack(@PathParam("answer") String to) {
        for (SlackAnswer answer : SlackAnswer.values()) {
            if (word(answer).equals(to)) {
                return turn(() -> lab.answerSlack(answer));
            }
        }
        throw unknown(to, "ok, rate-limited, failing, other-body");
    }

    private Object turn(Runnable change) {
        try {
            change.run();
        } catch (LabException e) {
            throw problem(Response.Status.CONFLICT, String.valueOf(e.getMessage()));
        }
        return state();
    }

    /** The newest webhook calls, oldest of them first. */
    @GET
    @Path("/slack/messages")
    public Object slackMessages() {
        return lab.slack().newest();
    }

    /** The newest alert mails, oldest of them first. */
    @GET
    @Path("/mail/messages")
    public Object mailMessages() {
        return lab.mailSink().newest();
    }

    /** What the primary took in, oldest first. */
    @GET
    @Path("/primary/messages")
    public Object primaryMessages(
            @QueryParam("after") @DefaultValue("") String after, @QueryParam("limit") @DefaultValue("100") int limit) {
        List<StoredMessage> page = lab.primary().messages().page(after, Math.max(1, Math.min(limit, LARGEST_PAGE)));
        return new MessagePage(
                page, page.isEmpty() ? after : page.get(page.size() - 1).id());
    }

    /** The octets of one message as they arrived, trace fields included. */
    @GET
    @Path("/primary/messages/{id}")
    @Produces("message/rfc822")
    public Response primaryMessage(@PathParam("id") String id) {
        return lab.primary()
                .messages()
                .content(id)
                .filter(Files::exists)
                .map(content -> Response.ok(content.toFile(), "message/rfc822").build())
                .orElseThrow(() -> problem(Response.Status.NOT_FOUND, "The primary has no message " + id + "."));
    }

    private static WebApplicationException unknown(String word, String known) {
        return problem(Response.Status.NOT_FOUND, "There is no switch \"" + word + "\"; known are " + known + ".");
    }

    private static WebApplicationException problem(Response.Status status, String detail) {
        return new WebApplicationException(Response.status(status)
                .type(PROBLEM_JSON)
                .entity(Map.of("title", status.getReasonPhrase(), "status", status.getStatusCode(), "detail", detail))
                .build());
    }
}
