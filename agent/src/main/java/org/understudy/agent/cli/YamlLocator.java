package org.understudy.agent.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Finds the line of a key in a YAML file. Mapping a document to records loses it, and a person needs it. */
final class YamlLocator {

    private YamlLocator() {}

    /**
     * The line, counted from 1, of the deepest step of the path that exists.
     *
     * @param path keys and list indices, for example {@code domains, 0, nmae}
     */
    static OptionalInt line(Path file, List<String> path) {
        try (Reader reader = Files.newBufferedReader(file)) {
            Node node = new Yaml(new LoaderOptions()).compose(reader);
            return node == null ? OptionalInt.empty() : OptionalInt.of(1 + descend(node, path));
        } catch (IOException | YAMLException e) {
            return OptionalInt.empty();
        }
    }

    private static int descend(Node root, List<String> path) {
        Node node = root;
        int line = root.getStartMark().getLine();
        for (String step : path) {
            Node next = null;
            if (node instanceof MappingNode mapping) {
                for (NodeTuple entry : mapping.getValue()) {
                    if (entry.getKeyNode() instanceof ScalarNode key
                            && key.getValue().equals(step)) {
                        line = key.getStartMark().getLine();
                        next = entry.getValueNode();
                    }
                }
            } else if (node instanceof SequenceNode sequence && step.matches("\\d{1,6}")) {
                int index = Integer.parseInt(step);
                if (index < sequence.getValue().size()) {
                    next = sequence.getValue().get(index);
                    line = next.getStartMark().getLine();
                }
            }
            if (next == null) {
                return line;
            }
            node = next;
        }
        return line;
    }
}
