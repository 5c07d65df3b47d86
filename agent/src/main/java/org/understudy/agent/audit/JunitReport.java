package org.understudy.agent.audit;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.understudy.probes.Finding;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;

/** A suite for each domain; in it a failed test for each critical and warning, an error for what was not seen, and a passed one
 * for each probe that found nothing worse than an info. */
final class JunitReport implements AuditReport {
    private final PrintWriter out;
    private final XMLStreamWriter xml;

    JunitReport(PrintWriter out) {
        this.out = out;
        try {
            this.xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuites");
            xml.writeAttribute("name", "understudy audit");
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param element {@code failure}, {@code error}, or empty for a test that passed */
    private record Case(String name, double seconds, String element, String type, String message, String text) {}

    @Override
    public void add(DomainAudit audit) {
        List<Case> cases = new ArrayList<>();
        for (Severity severity : List.of(Severity.CRITICAL, Severity.WARNING)) {
            audit.findings(severity).forEach(f -> cases.add(failure(f)));
        }
        audit.unknown().forEach((probe, cause) -> cases.add(new Case(probe, 0, "error", "unknown", cause, cause)));
        audit.results().stream().filter(JunitReport::passed).forEach(r -> cases.add(success(r)));
        try {
            suite(audit, cases);
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean passed(ProbeResult result) {
        return result.outcome() != Outcome.UNKNOWN
                && result.findings().stream().allMatch(f -> f.severity() == Severity.INFO);
    }

    private static Case success(ProbeResult result) {
        return new Case(result.probeId(), result.duration().toMillis() / 1000.0, "", "", "", "");
    }

    private static Case failure(Finding finding) {
        String evidence = finding.evidence().entrySet().stream()
                .map(e -> e.getKey() + ": " + e.getValue())
                .collect(Collectors.joining("\n"));
        String text = finding.summary() + "\n" + evidence + "\n"
                + finding.type().instruction() + (finding.fix().isEmpty() ? "" : "\n" + finding.fix());
        return new Case(
                finding.type().id() + " " + finding.subject(),
                0,
                "failure",
                finding.severity().name().toLowerCase(Locale.ROOT),
                finding.summary(),
                text);
    }

    private void suite(DomainAudit audit, List<Case> cases) throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", audit.name().text());
        xml.writeAttribute("tests", Integer.toString(cases.size()));
        xml.writeAttribute("failures", Long.toString(count(cases, "failure")));
        xml.writeAttribute("errors", Long.toString(count(cases, "error")));
        xml.writeAttribute("time", seconds(audit.duration().toMillis() / 1000.0));
        for (Case one : cases) {
            xml.writeCharacters("\n");
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", audit.name().text());
            xml.writeAttribute("name", VisibleText.line(one.name()));
            xml.writeAttribute("time", seconds(one.seconds()));
            if (!one.element().isEmpty()) {
                xml.writeStartElement(one.element());
                xml.writeAttribute("type", one.type());
                xml.writeAttribute("message", VisibleText.line(one.message()));
                xml.writeCharacters(VisibleText.of(one.text()));
                xml.writeEndElement();
            }
            xml.writeEndElement();
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
    }

    private static long count(List<Case> cases, String element) {
        return cases.stream().filter(c -> c.element().equals(element)).count();
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    @Override
    public void end() {
        try {
            xml.writeCharacters("\n");
            xml.writeEndDocument();
            xml.flush();
            out.println();
            out.flush();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }
}
