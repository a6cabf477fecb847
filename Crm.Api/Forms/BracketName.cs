// Names in PHP's bracket notation, as WordPress and every PHP client write nested and repeated fields.

namespace Crm.Api.Forms;

static class BracketName
{
    /// <summary>
    /// <c>a[b][c]</c> becomes <c>a.b.c</c>. A last bracket that is empty or a number only says that the name is repeated:
    /// <c>a[]</c> and <c>a[0]</c> are <c>a</c>; before another bracket a number stays (<c>a[0][b]</c> is <c>a.0.b</c>, as in JSON)
    /// and an empty one goes. Brackets that are not closed, nested, in front or followed by text are left as they are.
    /// </summary>
    /// <param name="name">Rewritten in place; it never grows.</param>
    /// <param name="levels">1 for the name and 1 for each bracket.</param>
    /// <returns>The name's new length.</returns>
    public static int Resolve(Span<char> name, out int levels)
    {
        levels = 1;
        var open = name.IndexOf('[');
        if (open <= 0)
            return name.Length;

        var count = 1;
        for (var i = open; i < name.Length; count++)
        {
            if (name[i] != '[')
                return name.Length;
            var close = name[(i + 1)..].IndexOfAny('[', ']');
            if (close < 0 || name[i + 1 + close] != ']')
                return name.Length;
            i += close + 2;
        }

        levels = count;
        var length = open;
        for (var i = open; i < name.Length; )
        {
            var key = name.Slice(i + 1, name[(i + 1)..].IndexOf(']'));
            i += key.Length + 2;
            if (key.IsEmpty || (i == name.Length && !key.ContainsAnyExceptInRange('0', '9')))
                continue;
            name[length] = '.';
            key.CopyTo(name[(length + 1)..]);
            length += 1 + key.Length;
        }
        return length;
    }
}
