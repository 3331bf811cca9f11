import type { Schema } from './typescript/zod-types.ts'

/** What models are told of a tool. */
export interface ToolSpec {
  readonly name: string
  readonly description: string
  readonly parameters: Schema
}

/**
 * The tools of CrewAI's that crews name most, as models are told of them when they are made without arguments. Source:
 * crewai_tools 1.15.
 */
const SPECS: Readonly<Record<string, ToolSpec>> = {
  SerperDevTool: {
    name: 'Search the internet with Serper',
    description:
      'A tool that can be used to search the internet with a search_query. Supports different search types: search, news.',
    parameters: fields(
      text('search_query', 'Mandatory search query you want to use to search the internet'),
    ),
  },
  ScrapeWebsiteTool: {
    name: 'Read website content',
    description: 'A tool that can be used to read a website content.',
    parameters: fields(text('website_url', 'Mandatory website url to read the file')),
  },
  FileReadTool: {
    name: "Read a file's content",
    description:
      "A tool that reads the content of a file. To use this tool, provide a 'file_path' parameter with the path to the file you want to read.",
    parameters: fields(
      text('file_path', 'Path of the file'),
      {
        name: 'start_line',
        type: 'integer',
        description: 'First line to read, from 1',
        default: 1,
      },
      {
        name: 'line_count',
        type: ['integer', 'null'],
        description: 'Number of lines',
        default: null,
      },
    ),
  },
  FileWriterTool: {
    name: 'File Writer Tool',
    description:
      'A tool to write content to a specified file. Accepts filename, content, and optionally a directory path and overwrite flag as input.',
    parameters: fields(
      text('filename', 'Name of the file'),
      text('content', 'The text content to write to the file.'),
      { name: 'directory', type: 'string', description: 'The folder of the file', default: './' },
      {
        name: 'overwrite',
        type: 'boolean',
        description: 'Whether to write over it',
        default: false,
      },
    ),
  },
  DirectoryReadTool: {
    name: 'List files in directory',
    description: "A tool that can be used to recursively list a directory's content.",
    parameters: fields(text('directory', 'Mandatory directory to list content')),
  },
  PDFSearchTool: {
    name: "Search a PDF's content",
    description: "A tool that can be used to semantic search a query from a PDF's content.",
    parameters: fields(
      text('query', "Mandatory query you want to use to search the PDF's content"),
      text('pdf', 'File path or URL of a PDF file to be searched'),
    ),
  },
  WebsiteSearchTool: {
    name: 'Search in a specific website',
    description: 'A tool that can be used to semantic search a query from a specific URL content.',
    parameters: fields(
      text('search_query', 'Mandatory search query you want to use to search a specific website'),
      text('website', 'Mandatory valid website URL you want to search on'),
    ),
  },
}

/** Of a class of crewai_tools; null: it is not among them. */
export function crewaiSpec(name: string): ToolSpec | null {
  return Object.hasOwn(SPECS, name) ? (SPECS[name] ?? null) : null
}

interface SpecField extends Schema {
  readonly name: string
}

function text(name: string, description: string): SpecField {
  return { name, type: 'string', description }
}

/** Those without a default have to be given. */
function fields(...all: readonly SpecField[]): Schema {
  const properties = Object.fromEntries(all.map(({ name, ...schema }) => [name, schema]))
  const required = all.flatMap((field) => ('default' in field ? [] : [field.name]))
  return { type: 'object', properties, required }
}
