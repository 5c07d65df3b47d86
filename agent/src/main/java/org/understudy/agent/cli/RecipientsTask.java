package org.understudy.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.agent.config.FileTrouble;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.spool.LearnedRecipient;
import org.understudy.spool.LearnedRecipient.Standing;
import org.understudy.spool.LearnedRecipient.Testimony;
import org.understudy.spool.RecipientRecords;
import org.understudy.spool.RecipientSettings;

/** {@code understudy spool recipients}: what the spool has learned of recipients. */
final class RecipientsTask implements SpoolTask {
    private static final int INCOMPLETE = 1;
    private static final int UNUSABLE = 2;

    private final Clock clock;

    RecipientsTask(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "recipients";
    }

    @Override
    public String description() {
        return "Lists, exports, imports, forgets and explains what the spool has learned of recipients;"
                + " a running agent takes changes over within seconds";
    }

    @Override
    public String list() {
        return "recipients";
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("action")
                .choices("list", "export", "import", "forget", "explain")
                .help("list: all that is known; export: addresses that are known, one a line, as a list file has them;"
                        + " import: let addresses of such files be known; forget: addresses;"
                        + " explain: what the running agent would answer to addresses now, and why");
        parser.addArgument("what")
                .nargs("*")
                .metavar("WHAT")
                .help("files to import; addresses to list, forget or explain");
        parser.addArgument("--domain").metavar("D").help("list and export: addresses of this domain");
        AgentClient.configure(parser);
    }

    /** A recipient as it stands in JSON. */
    private record Element(String address, String standing, LearnedRecipient learned) {}

    private record Result(long recipients) {}

    @Override
    public int run(Namespace arguments, SpoolPlace place, CommandOutput output) throws IOException {
        List<String> what = arguments.getList("what");
        Optional<String> domain = Optional.ofNullable(arguments.getString("domain"));
        String action = arguments.getString("action");
        boolean needsWords = List.of("import", "forget", "explain").contains(action);
        if (needsWords && what.isEmpty()) {
            throw new CommandEnded(
                    UNUSABLE, "Say what to " + action + ": " + (action.equals("import") ? "files." : "addresses."));
        }
        return switch (action) {
            case "list" -> list(place, what, domain, output);
            case "export" -> export(place, domain, output);
            case "import" -> add(place, what, output);
            case "forget" -> forget(place, what, output);
            default -> explain(place, what, output);
        };
    }

    private int list(SpoolPlace place, List<String> addresses, Optional<String> domain, CommandOutput output) {
        List<LearnedRecipient> wanted =
                addresses.stream().map(address -> parse(address, "")).toList();
        long shown = 0;
        try (RecipientRecords records = RecipientRecords.open(place.directory())) {
            for (LearnedRecipient recipient : records.all()) {
                boolean meant = wanted.isEmpty() || wanted.stream().anyMatch(w -> isSame(w, recipient));
                if (meant && isOf(domain, recipient)) {
                    shown++;
                    show(recipient, output);
                }
            }
        }
        output.end("recipients: " + shown, new Result(shown));
        return !wanted.isEmpty() && shown == 0 ? INCOMPLETE : 0;
    }

    private int export(SpoolPlace place, Optional<String> domain, CommandOutput output) {
        long shown = 0;
        try (RecipientRecords records = RecipientRecords.open(place.directory())) {
            for (LearnedRecipient recipient : records.all()) {
                if (standing(recipient) == Standing.KNOWN && isOf(domain, recipient)) {
                    shown++;
                    output.entry(recipient.address(), element(recipient));
                }
            }
        }
        output.end("# " + shown + " recipients", new Result(shown));
        return 0;
    }

    private int add(SpoolPlace place, List<String> files, CommandOutput output) {
        List<LearnedRecipient> recipients = new ArrayList<>();
        files.forEach(file -> recipients.addAll(read(Path.of(file))));
        try (RecipientRecords records = RecipientRecords.openOrBegin(place.directory())) {
            records.add(recipients);
        }
        output.end("imported: " + recipients.size(), new Result(recipients.size()));
        return 0;
    }

    private List<LearnedRecipient> read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandEnded(UNUSABLE, file + " cannot be read: " + FileTrouble.describe(e) + ".");
        }
        List<LearnedRecipient> recipients = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String address = lines.get(i).replaceAll("(^|\\s)#.*", "").strip();
            if (!address.isEmpty()) {
                recipients.add(parse(address, file + ", line " + (i + 1) + ": "));
            }
        }
        return recipients;
    }

    /** An address that is known from now on, because somebody says so. */
    private LearnedRecipient parse(String address, String where) {
        try {
            Mailbox mailbox = Mailbox.parse(address);
            DomainName domain = mailbox.domainName()
                    .orElseThrow(() -> new CommandEnded(
                            UNUSABLE, where + "\"" + address + "\" is not in a domain: nothing was done."));
            return RecipientRecords.known(mailbox.localPart(), domain, clock.instant(), "imported by " + Actor.name());
        } catch (SmtpSyntaxException e) {
            throw new CommandEnded(
                    UNUSABLE,
                    where + "\"" + address + "\" is not an address (" + e.getMessage() + "): nothing was done.");
        }
    }

    private int forget(SpoolPlace place, List<String> addresses, CommandOutput output) {
        List<LearnedRecipient> recipients =
                addresses.stream().map(address -> parse(address, "")).toList();
        int forgotten;
        try (RecipientRecords records = RecipientRecords.open(place.directory())) {
            forgotten = records.forget(recipients);
        }
        output.end(
                "forgotten: " + forgotten + (forgotten < addresses.size() ? ", the others were not known" : ""),
                new Result(forgotten));
        return forgotten < addresses.size() ? INCOMPLETE : 0;
    }

    private int explain(SpoolPlace place, List<String> addresses, CommandOutput output) throws IOException {
        AgentClient agent = AgentClient.of(place, output.mapper());
        for (String address : addresses) {
            String path = URLEncoder.encode(address, StandardCharsets.UTF_8).replace("+", "%20");
            JsonNode answer = agent.get("/api/v1/recipients/" + path);
            String primary = answer.path("primary").asText("");
            output.entry(
                    address + ": " + answer.path("reply").asText("not decided yet") + System.lineSeparator() + "    "
                            + answer.path("reason").asText()
                            + (primary.isEmpty() ? "" : "; the primary is " + primary.toLowerCase(Locale.ROOT)),
                    answer);
        }
        output.end("addresses: " + addresses.size(), new Result(addresses.size()));
        return 0;
    }

    private void show(LearnedRecipient recipient, CommandOutput output) {
        String line = String.format(
                Locale.ROOT,
                "%-8s %s%s%s%s",
                standing(recipient).name().toLowerCase(Locale.ROOT),
                recipient.address(),
                recipient.taken().map(t -> words(", taken ", t)).orElse(""),
                recipient.refused().map(t -> words(", refused ", t)).orElse(""),
                recipient
                        .doubtedSince()
                        .map(t -> ", refused once and not believed yet")
                        .orElse(""));
        output.entry(line, element(recipient));
    }

    private String words(String what, Testimony testimony) {
        return what + Ages.text(Duration.between(testimony.at(), clock.instant())) + " ago (" + testimony.words() + ")";
    }

    private Element element(LearnedRecipient recipient) {
        return new Element(recipient.address(), standing(recipient).name().toLowerCase(Locale.ROOT), recipient);
    }

    private Standing standing(LearnedRecipient recipient) {
        RecipientSettings usual = RecipientSettings.standard();
        return recipient.standing(clock.instant(), usual.knownFor(), usual.refusedFor());
    }

    private static boolean isOf(Optional<String> domain, LearnedRecipient recipient) {
        return domain.filter(d -> !DomainName.parse(d).equals(recipient.domain()))
                .isEmpty();
    }

    private static boolean isSame(LearnedRecipient one, LearnedRecipient other) {
        return one.domain().equals(other.domain()) && one.localPart().equalsIgnoreCase(other.localPart());
    }
}
