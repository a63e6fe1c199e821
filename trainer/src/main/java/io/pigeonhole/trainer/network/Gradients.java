package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.network.Source.Convolved;
import io.pigeonhole.trainer.network.Variables.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * The way back: from a loss to the gradients of the trained variables. TensorFlow's own, except for
 * kernels over small images, where {@link SideBySide} is faster.
 */
final class Gradients {

  private final Ops tf;
  private final List<Variable> trained;
  private final Map<String, List<Convolved<?>>> faster = new HashMap<>();

  Gradients(Ops tf, List<Variable> trained, List<Convolved<?>> convolutions) {
    this.tf = tf;
    this.trained = trained;
    Map<String, Variable> kernels = new HashMap<>();
    trained.forEach(variable -> kernels.put(variable.parameter().name(), variable));
    for (Convolved<?> convolution : convolutions) {
      String name = Parameter.name(convolution.row(), Role.KERNEL);
      Variable kernel = kernels.get(name);
      if (kernel != null
          && SideBySide.paysForGradient(
              convolution.in().shape(), kernel.parameter().shape(), convolution.out().shape())) {
        faster.computeIfAbsent(name, key -> new ArrayList<>()).add(convolution);
      }
    }
  }

  /** The gradients in the order of the trained variables. */
  List<Operand<TFloat32>> of(Graph graph, Operand<TFloat32> loss) {
    Output<?>[] places = trained.stream().flatMap(this::places).toArray(Output<?>[]::new);
    Iterator<Output<?>> found = List.of(graph.addGradients(loss.asOutput(), places)).iterator();
    return trained.stream().map(variable -> gradient(variable, found)).toList();
  }

  /** Where TensorFlow's part of the way back to a variable ends. */
  private Stream<Output<?>> places(Variable variable) {
    List<Convolved<?>> convolutions = faster.get(variable.parameter().name());
    return convolutions == null
        ? Stream.of(variable.value().asOutput())
        : convolutions.stream().map(convolution -> convolution.out().asOutput());
  }

  /** The rest of the way, from as many places as the variable has. */
  @SuppressWarnings("unchecked")
  private Operand<TFloat32> gradient(Variable variable, Iterator<Output<?>> found) {
    List<Convolved<?>> convolutions = faster.get(variable.parameter().name());
    if (convolutions == null) {
      return (Operand<TFloat32>) found.next();
    }
    return convolutions.stream()
        .map(convolution -> kernelGradient(convolution, found.next(), variable))
        .reduce(tf.math::add)
        .orElseThrow();
  }

  @SuppressWarnings("unchecked")
  private <T extends TFloating> Operand<TFloat32> kernelGradient(
      Convolved<T> convolution, Output<?> found, Variable variable) {
    Operand<T> gradient =
        SideBySide.kernelGradient(
            tf, convolution.in(), (Operand<T>) found, variable.parameter().shape());
    return tf.dtypes.cast(gradient, TFloat32.class);
  }
}
