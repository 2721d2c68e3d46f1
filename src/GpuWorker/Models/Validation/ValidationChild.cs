using Microsoft.ML.OnnxRuntime;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>
/// The worker's program as it inspects one model and ends: nothing of a host, no configuration, no network. What it is asked
/// comes by standard input, its answer goes to standard output (<see cref="ValidationProtocol"/>).
/// </summary>
internal static class ValidationChild
{
    /// <summary>The one argument that makes the program do this.</summary>
    public const string Mode = "inspect-model";

    /// <summary>How a line on the error output begins that tells which step begins.</summary>
    public const string Step = "step: ";

    private const int Failed = 70;

    /// <summary>Inspects and answers.</summary>
    /// <returns>The exit code: 0 where there is an answer.</returns>
    public static int Run()
    {
        using var output = AnswerStream.Open();
        using var input = Console.OpenStandardInput();
        try
        {
            if (!SystemCallFilter.Apply())
            {
                Console.Error.WriteLine("System calls cannot be filtered here.");
            }

            Enter("reading the request");
            var (request, pictures, model) = ValidationProtocol.Read(input);
            output.Write(ValidationProtocol.Write(Inspect(request, pictures, model)));
            return 0;
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(exception);
            return Failed;
        }
    }

    private static ModelInspection Inspect(ValidationRequest request, byte[][] pictures, byte[] model)
    {
        try
        {
            return new ModelValidation(request, Enter).Run(model, pictures);
        }
        catch (ModelFaultException exception) when (!LacksMemory(exception.InnerException))
        {
            return new ModelInspection { Fault = new ModelFault(exception.Field, exception.Message) };
        }
        catch (OnnxRuntimeException exception) when (!LacksMemory(exception))
        {
            return new ModelInspection { Fault = new ModelFault(ModelFaultException.FileField, $"The model does not run: {exception.Message}") };
        }
    }

    // How much it may take the worker knows: it says so when this process ends with such words.
    private static bool LacksMemory(Exception? exception) =>
        exception is OnnxRuntimeException && ValidationEnd.IsLackOfMemory(exception.Message);

    private static void Enter(string step) => Console.Error.WriteLine(Step + step);
}
