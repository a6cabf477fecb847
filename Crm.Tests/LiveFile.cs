// Reads a database file that a running product owns: whatever .NET opens asks for a lock that the product has, other programs do not.

using System.Diagnostics;

namespace Crm.Tests;

static class LiveFile
{
    public static void Copy(string from, string to)
    {
        using var copying = Process.Start(new ProcessStartInfo("cp", [from, to]) { RedirectStandardError = true })!;
        var said = copying.StandardError.ReadToEnd();
        copying.WaitForExit();
        copying.ExitCode.Should().Be(0, said);
    }

    public static byte[] Read(string file)
    {
        var copy = Path.GetTempFileName();
        try
        {
            Copy(file, copy);
            return File.ReadAllBytes(copy);
        }
        finally
        {
            File.Delete(copy);
        }
    }
}
