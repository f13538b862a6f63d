package dev.tessera.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class GraphSvgTest {
    private record Rectangle(double left, double top, double right, double bottom) {
        boolean meets(Rectangle other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }
    }

    /** Any well-formed XML document; nothing outside of it is fetched. */
    static Document parse(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static List<String> texts(Document svg) {
        NodeList nodes = svg.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    /** The rectangles of the nodes: all but the first, which is the background. */
    private static List<Rectangle> boxes(Document svg) {
        NodeList nodes = svg.getElementsByTagName("rect");
        List<Rectangle> boxes = new ArrayList<>();
        for (int i = 1; i < nodes.getLength(); i++) {
            Element box = (Element) nodes.item(i);
            double x = Double.parseDouble(box.getAttribute("x"));
            double y = Double.parseDouble(box.getAttribute("y"));
            double width = Double.parseDouble(box.getAttribute("width"));
            double height = Double.parseDouble(box.getAttribute("height"));
            boxes.add(new Rectangle(x, y, x + width, y + height));
        }
        return boxes;
    }

    private static void assertApartAndInside(Document svg) {
        Element root = svg.getDocumentElement();
        double width = Double.parseDouble(root.getAttribute("width"));
        double height = Double.parseDouble(root.getAttribute("height"));
        List<Rectangle> boxes = boxes(svg);
        for (int i = 0; i < boxes.size(); i++) {
            Rectangle box = boxes.get(i);
            assertThat(box.left() >= 0 && box.top() >= 0 && box.right() <= width && box.bottom() <= height)
                    .as("%s within %s x %s", box, width, height)
                    .isTrue();
            assertThat(boxes.subList(0, i)).noneMatch(box::meets);
        }
    }

    @Test
    void nodesHaveTheirNamesAndEdgesTheirTypes() throws Exception {
        Document svg = parse(GraphSvg.of(SampleGraphs.dense()));

        assertThat(texts(svg))
                .contains("x", "matmul", "add", "relu", "constant", "y")
                .contains("float32[4]", "float32[4, 3]", "float32[1, 3]", "float32[3]");
        // The variable, 5 ops, 2 constants, the output.
        assertThat(boxes(svg)).hasSize(9);
        assertApartAndInside(svg);
    }

    @Test
    void opsWithTwoOutputsHaveALabelForEach() throws Exception {
        Document svg = parse(GraphSvg.of(SampleGraphs.topTwo()));

        assertThat(texts(svg)).contains("topk", "2, axis=0", "float32[2]", "int64[2]", "temperature", "0.5");
        assertApartAndInside(svg);
    }

    @Test
    void anInputThatIsAnOutputIsDrawn() throws Exception {
        assertThat(texts(parse(GraphSvg.of(Graph.of("y", SampleGraphs.x()))))).containsExactly("x", "y", "float32[4]");
    }

    @Test
    void namesAreEscaped() throws Exception {
        String name = "</text><script>\"'&\u0000\uD800";
        Tensor x = Tensors.variable(name, DType.FLOAT32);

        String svg = GraphSvg.of(Graph.of("y", x));

        assertThat(svg).doesNotContain("<script");
        assertThat(texts(parse(svg))).contains("</text><script>\"'&\uFFFD\uFFFD");
    }

    @Test
    void nothingOutsideOfThePictureIsNamed() {
        String svg = GraphSvg.of(SampleGraphs.dense()).replace("xmlns=\"http://www.w3.org/2000/svg\"", "");

        assertThat(svg).doesNotContain("http", "url(", "href", "<style", "<script", " id=");
    }

    @Test
    void hugeGraphsAreCutAndSaySo() throws Exception {
        String svg = GraphSvg.of(SampleGraphs.doublings(100_000));

        assertThat(svg.length()).isLessThan(400_000);
        assertThat(texts(parse(svg)))
                .contains("y", (100_000 - GraphDrawing.MAX_OPS) + " more ops are not drawn")
                .anyMatch(text -> text.endsWith("…"));
    }

    @Test
    void opsOfManyInputsAreCutAndSaySo() throws Exception {
        Tensor[] parts = new Tensor[1000];
        Arrays.setAll(parts, i -> Tensors.variable("x" + i, DType.FLOAT32, Dim.of(1)));

        Document svg = parse(GraphSvg.of(Graph.of("y", Tensors.concat(List.of(parts), 0))));

        assertThat(texts(svg)).anyMatch(text -> text.matches("… \\d+ more inputs"));
        assertApartAndInside(svg);
    }

    @Test
    void tangledGraphsKeepTheirNodesApart() throws Exception {
        Random random = new Random(7);
        List<Tensor> values = new ArrayList<>(List.of(SampleGraphs.x(), Tensors.variable("z", DType.FLOAT32)));
        for (int i = 0; i < 100; i++) {
            Tensor left = values.get(random.nextInt(values.size()));
            values.add(left.add(values.get(values.size() - 1 - random.nextInt(Math.min(5, values.size())))));
        }
        Graph graph = Graph.of("y", values.get(values.size() - 1));

        assertApartAndInside(parse(GraphSvg.of(graph)));
    }

    @Test
    void theSameGraphGivesTheSamePicture() {
        Graph graph = SampleGraphs.topTwo();

        assertThat(GraphSvg.of(graph)).isEqualTo(GraphSvg.of(graph));
    }
}
