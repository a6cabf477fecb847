// How C# names become names on the wire.

using System.Text;

namespace Crm.Domain.Resources;

/// <summary>How C# names become names on the wire.</summary>
public static class Names
{
    /// <summary><c>FirstName</c> becomes <c>firstName</c>.</summary>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    /// <summary><c>firstName</c> becomes <c>first_name</c>.</summary>
    public static string Snake(string name)
    {
        var snake = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(c));
        }
        return snake.ToString();
    }
}
